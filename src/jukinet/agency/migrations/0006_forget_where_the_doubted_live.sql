-- Where somebody lives now is an item of the record: an organ that doubts what it was given is not told of it.
ALTER TABLE request.doubt_report DROP COLUMN municipality;
