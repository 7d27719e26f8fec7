-- A parcel is written once and read once: compressing it costs more than it saves.
ALTER TABLE delivery.outbox ALTER COLUMN notices SET STORAGE EXTERNAL;
