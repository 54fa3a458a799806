-- What only one may do at a time, and until when it is theirs: 'backup' while one is being made.
CREATE TABLE leases (
    name {text} PRIMARY KEY,
    holder {text} NOT NULL,
    until_at {time} NOT NULL
){strict};
