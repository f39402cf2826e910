package mail

import "context"

// Check opens a conversation as Send does (connection, encryption where it is offered,
// sign-in) and ends it without a letter. It reports whether the way was encrypted.
func (s *SMTP) Check(ctx context.Context) (encrypted bool, err error) {
	conversation, err := s.client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return false, err
	}
	_, plain := conversation.GetTLSConnectionState()
	return plain == nil, s.client.CloseWithSMTPClient(conversation)
}
