-- Who came into a chat since a moment, whichever chat it is: every node asks that once a second for the people it serves.
CREATE INDEX chat_members_by_joining ON chat_members (joined_at) WHERE left_at IS NULL;
