-- Facts about this database as a whole: its epoch, the server's own settings.
CREATE TABLE server_state (
    key {text} PRIMARY KEY,
    value {text} NOT NULL
){strict};

CREATE TABLE users (
    id {uuid} PRIMARY KEY,
    username {text} NOT NULL,
    username_key {text} NOT NULL UNIQUE,
    email {text},
    email_key {text} UNIQUE,
    name {text} NOT NULL,
    bio {text} NOT NULL,
    avatar_hash {text},
    avatar_mime {text},
    role {text} NOT NULL,
    disabled {bool} NOT NULL,
    quota_bytes {int},
    last_seen {time},
    last_seen_audience {text} NOT NULL,
    settings {text} NOT NULL,
    password_hash {text},
    totp_secret {text},
    totp_pending {text},
    totp_last_step {int} NOT NULL,
    created_at {time} NOT NULL,
    deleted_at {time}
){strict};

-- Every word of a person's user name and name in its comparing form: a search is a range on this index.
CREATE TABLE user_words (
    word {text} NOT NULL,
    user_id {uuid} NOT NULL REFERENCES users (id),
    PRIMARY KEY (word, user_id)
){strict};
CREATE INDEX user_words_by_user ON user_words (user_id);

CREATE TABLE follows (
    follower_id {uuid} NOT NULL REFERENCES users (id),
    followed_id {uuid} NOT NULL REFERENCES users (id),
    created_at {time} NOT NULL,
    PRIMARY KEY (follower_id, followed_id)
){strict};
CREATE INDEX follows_by_followed ON follows (followed_id, follower_id);

CREATE TABLE blocks (
    blocker_id {uuid} NOT NULL REFERENCES users (id),
    blocked_id {uuid} NOT NULL REFERENCES users (id),
    created_at {time} NOT NULL,
    PRIMARY KEY (blocker_id, blocked_id)
){strict};
CREATE INDEX blocks_by_blocked ON blocks (blocked_id, blocker_id);

-- A session is a family of refresh tokens: only the newest presented token and its successor are known, by hash.
CREATE TABLE sessions (
    id {uuid} PRIMARY KEY,
    user_id {uuid} NOT NULL REFERENCES users (id),
    created_at {time} NOT NULL,
    last_used_at {time} NOT NULL,
    expires_at {time} NOT NULL,
    address {text} NOT NULL,
    user_agent {text} NOT NULL,
    generation {int} NOT NULL,
    refresh_hash {bytes} NOT NULL,
    next_refresh_hash {bytes} NOT NULL
){strict};
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- "Read this session (or all of this user's) again": what every node polls, so that an end bites everywhere.
CREATE TABLE revocations (
    id {uuid} PRIMARY KEY,
    at {time} NOT NULL,
    user_id {uuid} NOT NULL,
    session_id {uuid}
){strict};
CREATE INDEX revocations_by_time ON revocations (at);

CREATE TABLE recovery_codes (
    user_id {uuid} NOT NULL REFERENCES users (id),
    code_hash {bytes} NOT NULL,
    PRIMARY KEY (user_id, code_hash)
){strict};

CREATE TABLE password_resets (
    token_hash {bytes} PRIMARY KEY,
    user_id {uuid} NOT NULL REFERENCES users (id),
    expires_at {time} NOT NULL
){strict};
CREATE INDEX password_resets_by_user ON password_resets (user_id);

-- Failures by (account, network). The account is a hash of what was typed, so that unknown names count the same.
CREATE TABLE login_failures (
    account_hash {bytes} NOT NULL,
    network {text} NOT NULL,
    failures {int} NOT NULL,
    blocked_until {time} NOT NULL,
    last_at {time} NOT NULL,
    PRIMARY KEY (account_hash, network)
){strict};
CREATE INDEX login_failures_by_time ON login_failures (last_at);

CREATE TABLE spent_tickets (
    nonce {bytes} PRIMARY KEY,
    expires_at {time} NOT NULL
){strict};

CREATE TABLE registration_invites (
    id {uuid} PRIMARY KEY,
    token_hash {bytes} NOT NULL UNIQUE,
    created_by {uuid} NOT NULL REFERENCES users (id),
    max_uses {int} NOT NULL,
    uses {int} NOT NULL,
    expires_at {time} NOT NULL,
    created_at {time} NOT NULL
){strict};

CREATE TABLE releases (
    platform {text} NOT NULL,
    version {text} NOT NULL,
    url {text} NOT NULL,
    sha256 {text},
    notes {text} NOT NULL,
    mandatory {bool} NOT NULL,
    released_at {time} NOT NULL,
    PRIMARY KEY (platform, version)
){strict};
