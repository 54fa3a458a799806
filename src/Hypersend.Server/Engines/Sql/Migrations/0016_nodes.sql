-- Which of several servers writes a chunk into a file that all of them can write, and until when; -1 is the whole file. Who wants it
-- too says so, and gets it when the holder has stopped; at once when that is a server that has been started again since.
CREATE TABLE chunk_leases (
    file_no {int} NOT NULL,
    chunk {int} NOT NULL,
    holder {uuid} NOT NULL,
    node {uuid} NOT NULL,
    life {uuid} NOT NULL,
    until_at {time} NOT NULL,
    wanted {bool} NOT NULL,
    PRIMARY KEY (file_no, chunk)
){strict};
