-- A file that gets much smaller has a second form beside its own, which is sent to whoever can unpack it. packing says
-- whether there is one: 'wanted', 'gzip', or 'none' where it did not pay; null where nobody would try.
ALTER TABLE files ADD COLUMN packing {text};
CREATE INDEX files_unpacked ON files (no) WHERE packing = 'wanted' AND ended_at IS NULL;

-- Where the second form lies: under an id of its own in the store, in parts whose names are here when the store needs them.
-- It counts for nobody, and goes with the bytes of its file.
CREATE TABLE file_packs (
    file_no {int} PRIMARY KEY REFERENCES files (no),
    id {uuid} NOT NULL UNIQUE,
    size {int} NOT NULL,
    names {text}
){strict};
