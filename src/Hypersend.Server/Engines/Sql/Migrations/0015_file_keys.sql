-- The keys of what lies sealed in the store, each wrapped in a key that is not in the database. What has none lies open:
-- it was stored while sealing was off. The id is that under which the store keeps the bytes; all zeros stands for small
-- pictures, which share one.
CREATE TABLE file_keys (
    file_id {uuid} PRIMARY KEY,
    key_id {text} NOT NULL,
    wrapped {bytes} NOT NULL
){strict};
CREATE INDEX file_keys_by_key ON file_keys (key_id);
