-- A file, from the first word of its upload to long after its bytes are gone: what a message shows of it has to stay.
-- Its bytes lie under the id of the row that bytes_no names: its own, or an older one with the same content.
-- reserved is what it counts for in the books of its owner. role says what is special about it: 'stream' came by tus, 'part'
-- is one of several that will be one file and no file for people, 'joined' lies in the places of its parts.
CREATE TABLE files (
    no {number},
    id {uuid} NOT NULL UNIQUE,
    bytes_no {int},
    owner_id {uuid} NOT NULL REFERENCES users (id),
    state {text} NOT NULL,
    role {text},
    kind {text} NOT NULL,
    filename {text} NOT NULL,
    path {text},
    mime {text} NOT NULL,
    size {int},
    chunk_size {int} NOT NULL,
    received_bytes {int} NOT NULL,
    received_chunks {int} NOT NULL,
    reserved {int} NOT NULL,
    sha256_root {bytes},
    crc32 {int},
    width {int},
    height {int},
    duration_ms {int},
    thumbnail {text},
    retention_mode {text} NOT NULL,
    retention_at {time},
    retention_count {int},
    downloads {int} NOT NULL,
    client_key {text},
    created_at {time} NOT NULL,
    touched_at {time} NOT NULL,
    expires_at {time} NOT NULL,
    ready_at {time},
    unused_at {time},
    ended_at {time},
    swept_at {time}
){strict};
CREATE UNIQUE INDEX files_by_client_key ON files (owner_id, client_key) WHERE client_key IS NOT NULL;
CREATE INDEX files_by_owner ON files (owner_id, no);
CREATE INDEX files_by_root ON files (owner_id, sha256_root) WHERE sha256_root IS NOT NULL AND ended_at IS NULL;
CREATE INDEX files_by_bytes ON files (bytes_no) WHERE swept_at IS NULL;
CREATE INDEX files_open ON files (touched_at) WHERE state IN ('creating', 'uploading');
CREATE INDEX files_due ON files (retention_at) WHERE retention_at IS NOT NULL AND ended_at IS NULL;
CREATE INDEX files_expiring ON files (expires_at) WHERE state = 'uploading';
CREATE INDEX files_counting ON files (no) WHERE retention_mode IN ('downloads', 'after_delivery') AND ended_at IS NULL;
CREATE INDEX files_live_by_owner ON files (owner_id) WHERE ended_at IS NULL;
CREATE INDEX files_unused ON files (unused_at) WHERE unused_at IS NOT NULL AND ended_at IS NULL;
CREATE INDEX files_unswept ON files (ended_at) WHERE ended_at IS NOT NULL AND swept_at IS NULL;

-- A chunk whose row is here is durable, and never written again. name is where the store keeps it, when that does not
-- follow from its number.
CREATE TABLE file_chunks (
    file_no {int} NOT NULL REFERENCES files (no),
    chunk {int} NOT NULL,
    length {int} NOT NULL,
    sha256 {bytes} NOT NULL,
    crc32 {int} NOT NULL,
    name {text},
    PRIMARY KEY (file_no, chunk)
){strict};

-- What an upload by tus has besides: the client's own words about it, as they came, and the beginning of a chunk that is
-- not whole yet (its bytes count in files.received_bytes). tail_name is where the store keeps that, as name above.
CREATE TABLE tus_uploads (
    file_no {int} PRIMARY KEY REFERENCES files (no),
    metadata {text} NOT NULL,
    tail_chunk {int} NOT NULL,
    tail_length {int} NOT NULL,
    tail_name {text}
){strict};

-- Where the bytes of a joined file lie: in the places of its parts, one after the other. While a row names a part, its
-- bytes are somebody's.
CREATE TABLE file_segments (
    file_no {int} NOT NULL REFERENCES files (no),
    place {int} NOT NULL,
    part_no {int} NOT NULL UNIQUE REFERENCES files (no),
    start {int} NOT NULL,
    PRIMARY KEY (file_no, place)
){strict};
CREATE INDEX files_undigested ON files (no) WHERE role = 'joined' AND sha256_root IS NULL AND ended_at IS NULL;

-- Which messages carry it: whoever may read one of them may read the file.
CREATE TABLE message_files (
    message_key {int} NOT NULL,
    place {int} NOT NULL,
    file_no {int} NOT NULL REFERENCES files (no),
    PRIMARY KEY (message_key, place)
){strict};
CREATE INDEX message_files_by_file ON message_files (file_no, message_key);

-- The books: what a person's files count for. Changed with the files, in the same transaction.
CREATE TABLE file_usage (
    user_id {uuid} PRIMARY KEY REFERENCES users (id),
    bytes {int} NOT NULL,
    files {int} NOT NULL,
    uploads {int} NOT NULL
){strict};

-- Who fetches it: a person ('u:' and their id) or a visitor of a link. The file waits for those who are awaited before it
-- goes; taken_at says that this one counts as one of its downloads, served which bytes reached them.
CREATE TABLE file_takers (
    file_no {int} NOT NULL REFERENCES files (no),
    taker {text} NOT NULL,
    user_id {uuid},
    awaited {bool} NOT NULL,
    taken_at {time},
    served {text},
    delivered_at {time},
    verified_at {time},
    PRIMARY KEY (file_no, taker)
){strict};

-- An address at which people without an account fetch a file. The token stands only in the address.
CREATE TABLE file_links (
    id {uuid} PRIMARY KEY,
    file_no {int} NOT NULL REFERENCES files (no),
    token_hash {bytes} NOT NULL UNIQUE,
    password_hash {text},
    max_downloads {int},
    downloads {int} NOT NULL,
    created_at {time} NOT NULL,
    expires_at {time}
){strict};
CREATE INDEX file_links_by_file ON file_links (file_no, id);

-- Who has fetched by a link: one visit, however many parts it was fetched in.
CREATE TABLE file_visits (
    link_id {uuid} NOT NULL,
    visitor {text} NOT NULL,
    at {time} NOT NULL,
    PRIMARY KEY (link_id, visitor)
){strict};

-- The cards of a message's files as its events show them, written anew whenever one of them changes.
ALTER TABLE messages ADD COLUMN files {text};

-- None of its files ever came: like a deleted message, it does not count as unread any more.
ALTER TABLE messages ADD COLUMN failed_at {time};
DROP INDEX messages_gone;
CREATE INDEX messages_gone ON messages (key, sender_id) WHERE (deleted_at IS NOT NULL OR failed_at IS NOT NULL) AND type <> 'system';
