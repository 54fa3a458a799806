-- A conversation of any kind. Inside, chats are numbered: a message's key is (chat number << 32 | seq), one integer that
-- puts a chat's history into one stretch of the table and needs no second index. The row of a deleted chat stays, so that
-- its number is never given out again; what was in it is swept away in small steps.
CREATE TABLE chats (
    no {number},
    id {uuid} NOT NULL UNIQUE,
    type {text} NOT NULL,
    name {text} NOT NULL,
    description {text} NOT NULL,
    public {bool} NOT NULL,
    members_may {int} NOT NULL,
    created_by {uuid} NOT NULL,
    created_at {time} NOT NULL,
    direct_key {bytes} UNIQUE,
    deleted_at {time},
    swept_at {time}
){strict};
CREATE INDEX chats_public ON chats (no) WHERE public;
CREATE INDEX chats_unswept ON chats (no) WHERE deleted_at IS NOT NULL AND swept_at IS NULL;

-- The words of the names of chats that anybody may find.
CREATE TABLE chat_words (
    word {text} NOT NULL,
    chat_no {int} NOT NULL REFERENCES chats (no),
    PRIMARY KEY (word, chat_no)
){strict};
CREATE INDEX chat_words_by_chat ON chat_words (chat_no);

-- The counters of a chat, in a narrow table of their own: every change locks this row, and only this row.
-- seq numbers messages, rev every visible change, counted is the running count of messages that can be unread.
CREATE TABLE chat_heads (
    chat_no {int} PRIMARY KEY REFERENCES chats (no),
    seq {int} NOT NULL,
    rev {int} NOT NULL,
    counted {int} NOT NULL,
    member_count {int} NOT NULL,
    members_version {int} NOT NULL,
    changed_at {time} NOT NULL
){strict};
CREATE INDEX chat_heads_by_change ON chat_heads (changed_at);

-- Who is or was in a chat (left_at), with their own marks and settings there. own_after counts my messages after my
-- read mark, so that unread stays a difference of counts.
CREATE TABLE chat_members (
    chat_no {int} NOT NULL REFERENCES chats (no),
    user_id {uuid} NOT NULL REFERENCES users (id),
    role {text} NOT NULL,
    joined_at {time} NOT NULL,
    left_at {time},
    rev {int} NOT NULL,
    visible_from {int} NOT NULL,
    read_seq {int} NOT NULL,
    read_counted {int} NOT NULL,
    own_after {int} NOT NULL,
    delivered_seq {int} NOT NULL,
    hidden_seq {int},
    muted_until {time},
    pinned {bool} NOT NULL,
    archived {bool} NOT NULL,
    draft {text},
    PRIMARY KEY (chat_no, user_id)
){strict};
CREATE INDEX chat_members_by_user ON chat_members (user_id, chat_no) WHERE left_at IS NULL;

-- Deleted accounts are looked through at every start, in case one had not left all its chats.
CREATE INDEX users_deleted ON users (id) WHERE deleted_at IS NOT NULL;

CREATE TABLE chat_bans (
    chat_no {int} NOT NULL REFERENCES chats (no),
    user_id {uuid} NOT NULL REFERENCES users (id),
    banned_by {uuid} NOT NULL,
    created_at {time} NOT NULL,
    PRIMARY KEY (chat_no, user_id)
){strict};

CREATE TABLE chat_invites (
    token {text} PRIMARY KEY,
    chat_no {int} NOT NULL REFERENCES chats (no),
    created_by {uuid} NOT NULL,
    created_at {time} NOT NULL,
    expires_at {time},
    max_uses {int},
    uses {int} NOT NULL
){strict};
CREATE INDEX chat_invites_by_chat ON chat_invites (chat_no);

CREATE TABLE messages (
    key {int} PRIMARY KEY,
    rev_key {int} NOT NULL,
    sender_id {uuid} NOT NULL,
    type {text} NOT NULL,
    content {text},
    client_id {text},
    reply_key {int},
    thread_key {int},
    thread_count {int} NOT NULL,
    forwarded_from {text},
    forwarded_sender {uuid},
    mentions {text},
    system {text},
    reactions {text},
    counted {int} NOT NULL,
    created_at {time} NOT NULL,
    edited_at {time},
    pinned_at {time},
    deleted_at {time},
    expires_at {time}
){strict};
CREATE UNIQUE INDEX messages_by_rev ON messages (rev_key);
CREATE UNIQUE INDEX messages_by_client_id ON messages ((key >> 32), sender_id, client_id) WHERE client_id IS NOT NULL;
CREATE INDEX messages_by_thread ON messages (thread_key, key) WHERE thread_key IS NOT NULL;
CREATE INDEX messages_pinned ON messages (key) WHERE pinned_at IS NOT NULL;
CREATE INDEX messages_gone ON messages (key, sender_id) WHERE deleted_at IS NOT NULL AND type <> 'system';
CREATE INDEX messages_expiring ON messages (expires_at) WHERE expires_at IS NOT NULL AND deleted_at IS NULL;

-- What an edited message said before.
CREATE TABLE message_edits (
    message_key {int} NOT NULL,
    version {int} NOT NULL,
    content {text} NOT NULL,
    at {time} NOT NULL,
    PRIMARY KEY (message_key, version)
){strict};

CREATE TABLE reactions (
    message_key {int} NOT NULL,
    emoji {text} NOT NULL,
    user_id {uuid} NOT NULL,
    at {time} NOT NULL,
    PRIMARY KEY (message_key, emoji, user_id)
){strict};

-- Whom a message calls; @all is one row of nobody in particular (the empty id).
CREATE TABLE mentions (
    user_id {uuid} NOT NULL,
    message_key {int} NOT NULL,
    sender_id {uuid} NOT NULL,
    PRIMARY KEY (user_id, message_key)
){strict};
CREATE INDEX mentions_by_message ON mentions (message_key);

CREATE TABLE bookmarks (
    user_id {uuid} NOT NULL,
    message_key {int} NOT NULL,
    at {time} NOT NULL,
    PRIMARY KEY (user_id, message_key)
){strict};
CREATE INDEX bookmarks_by_message ON bookmarks (message_key);
CREATE INDEX bookmarks_by_time ON bookmarks (user_id, at, message_key);

CREATE TABLE scheduled_messages (
    id {uuid} PRIMARY KEY,
    chat_no {int} NOT NULL REFERENCES chats (no),
    sender_id {uuid} NOT NULL,
    request {text} NOT NULL,
    send_at {time} NOT NULL,
    due_at {time},
    failed_code {text},
    created_at {time} NOT NULL
){strict};
CREATE INDEX scheduled_messages_by_due ON scheduled_messages (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX scheduled_messages_by_sender ON scheduled_messages (sender_id, chat_no, send_at);

-- Everybody who is here already gets their saved messages; the chat bears its person's own id.
INSERT INTO chats (id, type, name, description, public, members_may, created_by, created_at, direct_key)
SELECT id, 'saved', '', '', {false}, 17, id, created_at, NULL FROM users WHERE deleted_at IS NULL;

INSERT INTO chat_heads (chat_no, seq, rev, counted, member_count, members_version, changed_at)
SELECT no, 0, 1, 0, 1, 1, created_at FROM chats;

INSERT INTO chat_members (chat_no, user_id, role, joined_at, rev, visible_from, read_seq, read_counted, own_after, delivered_seq, pinned, archived)
SELECT no, created_by, 'owner', created_at, 1, 0, 0, 0, 0, 0, {false}, {false} FROM chats;
