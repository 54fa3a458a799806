-- The file of its sender's that a transfer became: its receiver may fetch that without a message that carries it.
ALTER TABLE transfers ADD COLUMN file_no {int} REFERENCES files (no);
CREATE INDEX transfers_by_file ON transfers (file_no) WHERE file_no IS NOT NULL;
