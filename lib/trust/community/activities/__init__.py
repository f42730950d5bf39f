"""Activities of the community (R12): plan, checklist, who came, what they ordered afterwards."""
