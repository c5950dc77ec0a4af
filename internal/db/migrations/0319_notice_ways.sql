-- +goose Up
-- What waits for addresses (mail and the like) is found from these, which are few, not from
-- all that waits for browsers.
CREATE INDEX notice_device_by_way ON notice_device (way, id) WHERE way <> 'push';
