-- What a person lets others do, beside the JSON of their settings: asked inside the transactions that do it.
ALTER TABLE users ADD COLUMN message_audience {text} NOT NULL DEFAULT 'everyone';
ALTER TABLE users ADD COLUMN group_audience {text} NOT NULL DEFAULT 'everyone';
ALTER TABLE users ADD COLUMN hides_reading {bool} NOT NULL DEFAULT {false};
