-- Lines in use are counted in memory, and read once when the database is opened.

DROP INDEX calls_lines;
