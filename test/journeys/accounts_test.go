package journeys

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
	"github.com/pquerna/otp/totp"

	"github.com/birlik/portal/test/browser"
	"github.com/birlik/portal/test/portal"
)

// device gives the window a device that keeps passkeys and knows its holder.
func (j journey) device() {
	j.t.Helper()
	j.Run(webauthn.Enable(), chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := webauthn.AddVirtualAuthenticator(&webauthn.VirtualAuthenticatorOptions{
			Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
			HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true}).Do(ctx)
		return err
	}))
}

// picture keeps what the window shows where PICTURES names a folder.
func (j journey) picture(name string) {
	j.t.Helper()
	if dir := os.Getenv("PICTURES"); dir != "" {
		j.Picture(dir, name)
	}
}

// arrive waits until the window stands on a page.
func (j journey) arrive(ending string) {
	j.t.Helper()
	for range 100 {
		if strings.HasSuffix(j.path(), ending) {
			j.Run(chromedp.WaitReady("body", chromedp.ByQuery))
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	j.at(ending)
}

// TestPasskey: a person adds a passkey, gives it a name, signs in with it alone, uses it as
// the second factor after a password, and removes it.
func TestPasskey(t *testing.T) {
	p := portal.StartNamed(t, "localhost")
	j := begin(t, p, browser.Start(t), browser.Phone())
	j.device()
	j.signIn(editor)
	j.Go("/tr/account/security")
	j.calm()
	j.Fill(`#new-passkey`, "ofis bilgisayarı")
	j.Run(chromedp.Click(`[data-passkey=create] button`, chromedp.ByQuery, chromedp.NodeVisible),
		chromedp.WaitVisible(`form[action*="/account/passkeys/"]`, chromedp.ByQuery))
	j.says("Geçiş anahtarı eklendi")
	j.calm()
	for _, v := range j.Axe() {
		t.Errorf("axe: %+v", v)
	}
	j.picture("security")
	j.Fill(`form[action*="/account/passkeys/"] input[name=name]`, "cep telefonu")
	j.Press(`form[action*="/account/passkeys/"] button`)
	j.says("adı değişti")

	j.signOut()
	j.Run(chromedp.Click(`[data-passkey=get] button`, chromedp.ByQuery, chromedp.NodeVisible))
	j.arrive(strings.TrimPrefix(p.Fill("/{lang}/m/{org}"), "/tr"))
	j.calm()

	j.signOut()
	j.signIn(editor)
	j.at("/sign-in/second")
	j.calm()
	j.picture("second")
	j.Run(chromedp.Click(`[data-passkey=get] button`, chromedp.ByQuery, chromedp.NodeVisible))
	j.arrive(strings.TrimPrefix(p.Fill("/{lang}/m/{org}"), "/tr"))
	j.Go("/tr/account/history")
	j.says("Geçiş anahtarı")
	j.calm()
	j.picture("history")

	j.Go("/tr/account/security")
	j.Press(`form[action$="/remove"] button`)
	j.says("Geçiş anahtarı kaldırıldı")
	j.signOut()
	j.Run(chromedp.Click(`[data-passkey=get] button`, chromedp.ByQuery, chromedp.NodeVisible),
		chromedp.WaitVisible(`[data-passkey=get] [role=alert]`, chromedp.ByQuery))
	j.at("/sign-in")
}

// signOut sends the form of the person's menu.
func (j journey) signOut() {
	j.t.Helper()
	j.Run(chromedp.Evaluate(`document.querySelector('form[action$="/sign-out"]').requestSubmit()`, nil))
	j.arrive("/sign-in")
}

// TestStaffSetUpASecondFactor: staff without a second factor reach nothing but the page that
// sets one up; then everything opens. Nothing of it needs a script.
func TestStaffSetUpASecondFactor(t *testing.T) {
	p := portal.Start(t, "PORTAL_MODE=development")
	seed(t, p)
	for name, look := range map[string]browser.Look{"phone": {Width: 390, Height: 844, NoScript: true}} {
		t.Run(name, func(t *testing.T) {
			j := begin(t, p, browser.Start(t), look)
			j.signIn("desk@union.example")
			for _, path := range []string{"/tr/desk", "/tr/desk/requests", "/tr/account", "/tr/account/password", "/tr/choose"} {
				j.Go(path)
				j.at("/account/security")
			}
			j.says("Başlamadan önce bir şey")
			j.calm()
			j.picture("needed")
			j.Press(`a[href$="/account/security/totp"]`)
			j.calm()
			j.picture("totp")
			code, err := totp.GenerateCode(strings.ReplaceAll(j.Text("#secret"), " ", ""), time.Now())
			if err != nil {
				t.Fatal(err)
			}
			j.Fill(`#code`, code)
			j.Press(`main form .btn-primary`)
			j.says("Kurtarma kodları")
			j.calm()
			j.picture("codes")
			recovery := j.Text("main ul code")
			j.Go("/tr/desk")
			j.at("/desk")
			j.Run(chromedp.Navigate(p.URL+"/tr/account/sessions"), chromedp.WaitReady("body"))
			j.picture("sessions")

			again := begin(t, p, browser.Start(t), look)
			again.signIn("desk@union.example")
			again.at("/sign-in/second")
			again.picture("second-code")
			again.Fill(`#code`, recovery)
			again.Press(`main form .btn-primary`)
			again.at("/desk")
		})
	}
}

// seed fills in the demonstration data where the mode does not do it by itself.
func seed(t *testing.T, p *portal.Portal) {
	t.Helper()
	cmd := exec.Command(portal.Binary(t), "seed", "--demo")
	cmd.Env = append(os.Environ(), "PORTAL_MODE=development", "DATABASE_URL="+p.Database, "PORTAL_DATA_DIR="+t.TempDir())
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("seed: %v\n%s", err, out)
	}
}
