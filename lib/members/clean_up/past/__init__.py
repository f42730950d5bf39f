"""Which rows are past their time, kind by kind."""
