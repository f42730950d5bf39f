"""What is owed to suppliers: claims and the weekly statement (R2).

A week runs Monday to Sunday in the shop's days. A closed statement keeps its lines as they were; a
delivery entered afterwards appears in the next open week and says when it came.
"""
