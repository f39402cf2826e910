package embedded

import "syscall"

// attributes keep Ctrl-C of the terminal away from the server (the portal stops it after
// its last request), lend it the account, and unless detached make it die with us.
func attributes(account *account, detached bool) *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setsid: true}
	if account != nil {
		attr.Credential = &syscall.Credential{Uid: uint32(account.uid), Gid: uint32(account.gid)}
	}
	if !detached {
		attr.Pdeathsig = syscall.SIGINT
	}
	return attr
}
