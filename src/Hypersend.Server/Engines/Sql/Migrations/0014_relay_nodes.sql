-- Which of several nodes has the two sides of a relay, and until when it is that node's.
ALTER TABLE transfers ADD COLUMN relay_node {text};
ALTER TABLE transfers ADD COLUMN relay_until {time};
