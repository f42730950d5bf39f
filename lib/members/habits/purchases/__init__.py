"""What a member bought: goods, days of visits, money per month (R33)."""
