-- Registrations that wait for their mail to be answered (CONFIRM_MAIL).
CREATE TABLE pending_accounts (
    token_hash {bytes} PRIMARY KEY,
    username {text} NOT NULL,
    email {text} NOT NULL,
    name {text} NOT NULL,
    password_hash {text} NOT NULL,
    invite_hash {bytes},
    expires_at {time} NOT NULL
){strict};
CREATE INDEX pending_accounts_by_expiry ON pending_accounts (expires_at);
