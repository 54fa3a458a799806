-- Files that go from one person to another: what they are and what became of them, never a byte.
CREATE TABLE transfers (
    id {uuid} PRIMARY KEY,
    sender_id {uuid} NOT NULL REFERENCES users (id),
    receiver_id {uuid} NOT NULL REFERENCES users (id),
    filename {text} NOT NULL,
    size {int} NOT NULL,
    mime {text} NOT NULL,
    chunk_size {int} NOT NULL,
    state {text} NOT NULL,
    created_at {time} NOT NULL,
    expires_at {time} NOT NULL,
    ended_at {time}
){strict};
CREATE INDEX transfers_by_sender ON transfers (sender_id, id);
CREATE INDEX transfers_by_receiver ON transfers (receiver_id, id);
CREATE INDEX transfers_open ON transfers (expires_at) WHERE ended_at IS NULL;
