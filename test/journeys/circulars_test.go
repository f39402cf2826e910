package journeys

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/birlik/portal/test/browser"
	"github.com/birlik/portal/test/portal"
)

// TestCircular walks a circular: one officer writes it, another approves it, it is issued to two
// cities by name; one reads it in Russian on a phone where no script runs and confirms it; the
// reminder goes to the other alone; the table leaves as a file.
func TestCircular(t *testing.T) {
	p, b := portal.Start(t), browser.Start(t)
	office := begin(t, p, b, browser.Desk())
	office.signIn(desk)
	id := office.writeCircular()
	office.chooseCities(id)
	office.Press(`form[action$="/ask"] button`)
	office.says("sizin de payınız var")
	office.calm()

	head := begin(t, p, b, browser.Desk())
	head.signIn("head@union.example")
	head.Go("/tr/desk/circulars/" + id)
	head.calm()
	head.Press(`form[action$="/approve"] button`)
	head.says("Onaylandı.")

	office.Go("/tr/desk/circulars/" + id + "/issue")
	office.says("Çanakkale")
	office.calm()
	office.Press(`form[action$="/issue"] .btn-primary`)
	office.says("alıcılara haber gidiyor")
	if got := office.told(id, 2); got != 2 {
		t.Fatalf("%d of 2 cities were told", got)
	}
	office.readInRussian(p, b, id)
	if status, _ := p.Get(p.Client("editor@canakkale.example"), copyPath(p, id, "shusha")); status != http.StatusNotFound {
		t.Errorf("another city reads the copy: %d", status)
	}
	office.remindTheOther(id)
	_, file := p.Get(p.Client(desk), "/tr/desk/circulars/"+id+"/recipients.csv")
	if !strings.Contains(file, "Çanakkale") || !strings.Contains(file, "'=Üç ihale") {
		t.Errorf("the file says:\n%s", file)
	}
}

// writeCircular writes a circular in two languages that wants an answer.
func (j journey) writeCircular() (id string) {
	j.t.Helper()
	j.Go("/tr/desk/circulars/new")
	j.calm()
	j.Press(`main form .btn-primary`)
	j.says("En az bir dilde")
	j.Fill(`#title_tr`, "Kalsedon bildirimi")
	j.Fill(`#body_tr`, "Kalsedon alımları bildirilir.\n\nSüre kısadır.")
	j.Run(chromedp.Evaluate(`document.querySelector('#title_ru').closest('details').open = true`, nil))
	j.Fill(`#title_ru`, "Уведомление о халцедоне")
	j.Fill(`#body_ru`, "О закупках халцедона сообщают.")
	j.Run(chromedp.Click(`#answers`, chromedp.ByQuery))
	j.Fill(`#due`, time.Now().AddDate(0, 0, 20).Format("02.01.2006"))
	j.Press(`main form .btn-primary`)
	j.at("/audience")
	j.calm()
	return strings.Split(j.path(), "/")[4]
}

// chooseCities takes the kinds of members away and names two cities instead.
func (j journey) chooseCities(id string) {
	j.t.Helper()
	j.Run(chromedp.Click(`input[name=members][value=full]`, chromedp.ByQuery))
	for _, name := range []string{"şuşa", "canakkale"} {
		j.Fill(`#find`, name)
		j.Press(`button[name=then][value=find]`)
		j.Run(chromedp.Click(`#found`, chromedp.ByQuery))
		j.calm()
	}
	j.Press(`main form .btn-primary`)
	j.at("/circulars/" + id)
	j.says("Alıcılar kaydedildi")
}

// told waits until the circular's mails have reached some people, and says how many cities.
func (j journey) told(id string, want int) (n int) {
	j.t.Helper()
	for until := time.Now().Add(time.Minute); n < want && time.Now().Before(until); time.Sleep(200 * time.Millisecond) {
		j.p.Query(&n, `
			select count(distinct e.subject_id) from notifications n join notify_events e on e.id = n.event_id
			where n.state = 'sent' and e.subject_id in (select id from circular_copies where circular_id = (select id from subjects where public_id = $1))`, id)
	}
	return n
}

// copyPath is where a city reads its copy.
func copyPath(p *portal.Portal, id, city string) (path string) {
	p.Query(&path, `
		select '/ru/m/' || os.public_id || '/circulars/' || s.public_id from circular_copies x join subjects s on s.id = x.id join subjects os on os.id = x.org_id
		join mandates d on d.org_id = x.org_id join users u on u.id = d.user_id and u.email = 'mayor@' || $2 || '.example'
		where x.circular_id = (select id from subjects where public_id = $1)`, id, city)
	return path
}

// readInRussian has Şuşa read and confirm the circular on a phone where no script runs.
func (j journey) readInRussian(p *portal.Portal, b *browser.Browser, id string) {
	j.t.Helper()
	look := browser.Phone()
	look.NoScript = true
	city := begin(j.t, p, b, look)
	path := copyPath(p, id, "shusha")
	city.Go(path)
	city.signIn(mayor)
	city.at(strings.TrimPrefix(path, "/ru"))
	city.says("Уведомление о халцедоне")
	city.calm()
	j.Go("/tr/desk/circulars/" + id + "/recipients?stage=1")
	j.says("Şuşa")
	city.Go(path[:strings.Index(path, "/circulars/")])
	city.says("Циркуляры, которые нужно прочитать")
	city.Go(path)
	city.Fill(`#answer`, "=Üç ihale")
	city.Press(`#confirm form .btn-primary`)
	city.says("Вы подтвердили прочтение")
	city.calm()
	city.Go(path[:strings.Index(path, "/circulars/")] + "/search?q=халцедоне")
	city.says("Уведомление о халцедоне")
}

// remindTheOther reminds who has not read it: Çanakkale, and nobody else.
func (j journey) remindTheOther(id string) {
	j.t.Helper()
	j.Go("/tr/desk/circulars/" + id)
	j.says("1 kuruma hatırlat")
	j.calm()
	j.Press(`form[action$="/remind"] button`)
	j.says("Okumayanlara hatırlatılıyor")
	const reminders = `
		select coalesce(string_agg(distinct o.name, ' '), '') from notifications n join notify_events e on e.id = n.event_id join subjects s on s.id = e.subject_id
		join organisations o on o.id = s.org_id where n.state = 'sent' and e.name like 'circulars.reminder%'`
	var got string
	for until := time.Now().Add(time.Minute); got == "" && time.Now().Before(until); time.Sleep(200 * time.Millisecond) {
		j.p.Query(&got, reminders)
	}
	if got != "Çanakkale" {
		j.t.Errorf("reminded: %q", got)
	}
	j.Go("/tr/desk/circulars/" + id)
	j.says("son üç günde hatırlatıldı")
	j.calm()
}
