-- What the first link of a message leads to, as its events show it.
ALTER TABLE messages ADD COLUMN preview {text};

-- Messages whose links are left alone: their sender, or somebody who may, wants it so.
CREATE TABLE no_previews (
    message_key {int} PRIMARY KEY
){strict};

-- Pages that were fetched, for whoever links to them next; without a card there was nothing to show.
CREATE TABLE link_previews (
    url_hash {bytes} PRIMARY KEY,
    card {text},
    image_id {uuid},
    expires_at {time} NOT NULL
){strict};
CREATE INDEX link_previews_by_expiry ON link_previews (expires_at);

-- Copies of their pictures, small ones. They stay while a message shows them or a page is remembered.
CREATE TABLE preview_images (
    id {uuid} PRIMARY KEY,
    mime {text} NOT NULL,
    bytes {bytes} NOT NULL,
    created_at {time} NOT NULL
){strict};

CREATE TABLE preview_uses (
    message_key {int} PRIMARY KEY,
    image_id {uuid} NOT NULL
){strict};
CREATE INDEX preview_uses_by_image ON preview_uses (image_id);
