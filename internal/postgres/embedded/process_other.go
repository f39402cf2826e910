//go:build unix && !linux

package embedded

import "syscall"

// attributes keep Ctrl-C of the terminal away from the server and lend it the account.
// Only Linux can tie the server's life to ours; elsewhere a killed portal leaves it running,
// and the next start says so.
func attributes(account *account, _ bool) *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setsid: true}
	if account != nil {
		attr.Credential = &syscall.Credential{Uid: uint32(account.uid), Gid: uint32(account.gid)}
	}
	return attr
}
