package duespages

import (
	"context"
	"net/http"
	"strconv"

	"github.com/birlik/portal/internal/dues"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/pdf"
	"github.com/birlik/portal/web/page"
)

// receipt answers with the paper of one payment, in the reader's language.
func (h *Handler) receipt(w http.ResponseWriter, r *http.Request) error {
	id, err := page.PublicID(r, "payment")
	if err != nil {
		return err
	}
	receipt, err := h.dues.Receipt(r.Context(), page.Actor(r), page.Lang(r), id)
	if err != nil {
		return err
	}
	content, err := h.paper(r.Context(), receipt)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", `attachment; filename="`+receipt.Receipt+`.pdf"`)
	w.Header().Set("Content-Length", strconv.Itoa(len(content)))
	w.Header().Set("Cache-Control", "private, no-store")
	_, _ = w.Write(content) // the reader may have gone
	return nil
}

// paper draws a receipt.
func (h *Handler) paper(ctx context.Context, r dues.Receipt) ([]byte, error) {
	lang := locale.Of(ctx).Lang
	t := func(key string, args ...any) string { return locale.T(ctx, key, args...) }
	p := pdf.New(pdf.Head{Lang: string(lang), Title: t("dues.receipt_of", "Number", r.Receipt), Sender: h.union[lang], Note: r.Receipt, At: r.RecordedAt})
	p.Heading(t("dues.receipt_of", "Number", r.Receipt))
	if r.Reversed {
		p.Bold(t("dues.receipt_void"))
	}
	a := r.Assessment
	p.Text(t("dues.receipt_text", "Member", a.OrgTitle, "Amount", money(ctx, r.Amount, r.Currency), "Year", yearText(a.Year)))
	rows := [][2]string{{t("dues.member"), a.Inputs.Name}, {t("dues.receipt_for"), t("dues.of_year", "Year", yearText(a.Year))}, {t("dues.reference"), a.Reference},
		{t("dues.pay_amount"), money(ctx, r.Amount, r.Currency)}, {t("dues.paid_on"), locale.Date(ctx, r.PaidOn)}, {t("dues.method_label"), methodName(ctx, r.Method)}}
	if r.Rate != "" {
		rows = append(rows, [2]string{t("dues.received"), t("dues.converted", "Money", money(ctx, r.Received, r.ReceivedCurrency), "Rate", r.Rate)})
	}
	p.Pairs(rows)
	p.Text(t("dues.receipt_balance", "Amount", money(ctx, a.Amount, a.Currency), "Open", money(ctx, a.Open, a.Currency), "Day", locale.Date(ctx, h.today())))
	p.Text(t("dues.receipt_made", "Day", locale.Date(ctx, locale.Own(ctx, r.RecordedAt))))
	return p.Bytes()
}
