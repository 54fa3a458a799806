-- A browser that is told while it is closed. It belongs to the session that made it, and counts only while that lives.
-- refusals counts how often its push service has refused us in a row.
CREATE TABLE push_subscriptions (
    id {uuid} PRIMARY KEY,
    user_id {uuid} NOT NULL REFERENCES users (id),
    session_id {uuid} NOT NULL UNIQUE,
    endpoint {text} NOT NULL UNIQUE,
    p256dh {bytes} NOT NULL,
    auth {bytes} NOT NULL,
    created_at {time} NOT NULL,
    reached_at {time},
    failed_at {time},
    failure {text},
    refusals {int} NOT NULL
){strict};
CREATE INDEX push_subscriptions_by_user ON push_subscriptions (user_id, id);

-- What a device shows: of which chat, up to which message. Nothing is told twice, and what was read elsewhere is taken away.
CREATE TABLE push_shown (
    subscription_id {uuid} NOT NULL,
    chat_no {int} NOT NULL,
    seq {int} NOT NULL,
    at {time} NOT NULL,
    PRIMARY KEY (subscription_id, chat_no)
){strict};
CREATE INDEX push_shown_by_chat ON push_shown (chat_no, seq);
