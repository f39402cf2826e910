-- The duty to answer an erasure is called as every duty is: area and act.

-- +goose Up
update tasks set key = 'privacy.answer' where key = 'privacy.task.answer';

-- +goose Down
update tasks set key = 'privacy.task.answer' where key = 'privacy.answer';
