-- Who wants a mail of what waits: asked for by each round of mails, beside the JSON of their settings.
ALTER TABLE users ADD COLUMN wants_digest {bool} NOT NULL DEFAULT {false};
CREATE INDEX users_with_digest ON users (id) WHERE wants_digest;

-- Until when a person's unread messages were looked through for a mail. A letter that the mail server did not take puts the time
-- back to what it was, and says when to try again.
CREATE TABLE digests (
    user_id {uuid} PRIMARY KEY REFERENCES users (id),
    looked_at {time} NOT NULL,
    again_at {time}
){strict};
