package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"gonghui/app/kit/cnid"
	"gonghui/app/member/roster/sheet"
)

// imports measures rosters on their way into the register.
func imports(ctx context.Context, w *world) error {
	bodies, err := w.bodies(ctx, 3)
	if err != nil {
		return err
	}
	if err := w.enter(ctx); err != nil {
		return err
	}
	few, err := w.takeIn(ctx, bodies[0], 0, w.sizes.roster)
	if err != nil {
		return err
	}
	w.report(figure(fmt.Sprintf("import: %d rows of csv from upload to members", w.sizes.roster), few.rate, "rows/s").atLeast(10_000))
	w.report(figure("import: CPU a row of csv, server and database", few.cpu, "µs").atMost(200))
	many, err := w.takeIn(ctx, bodies[1], w.sizes.roster, w.sizes.rosters)
	if err != nil {
		return err
	}
	w.report(figure(fmt.Sprintf("import: %d rows of csv from upload to members", w.sizes.rosters), many.rate, "rows/s"))
	name := fmt.Sprintf("import: memory of the server, %d rows against %d", w.sizes.rosters, w.sizes.roster)
	w.report(figure(name, many.peak, "MB").over(few.peak).within(1.3))
	return w.readSheets()
}

// intake is what an import took.
type intake struct {
	rate float64 // rows a second
	cpu  float64 // µs of processor time a row, of server and database
	peak float64 // resident memory of the server, in 10^6 bytes
}

// takeIn imports n generated people into a body; from is how many others were generated before.
func (w *world) takeIn(ctx context.Context, b body, from, n int) (intake, error) {
	file, err := os.CreateTemp(w.dir, "roster-*.csv")
	if err != nil {
		return intake{}, err
	}
	defer os.Remove(file.Name())
	defer file.Close()
	out, err := sheet.NewWriter(sheet.CSV, file, "")
	if err != nil {
		return intake{}, err
	}
	if err := roster(from, n, out.Row); err != nil {
		return intake{}, err
	}
	if err := out.Close(); err != nil {
		return intake{}, err
	}
	raw, err := os.ReadFile(file.Name())
	if err != nil {
		return intake{}, err
	}
	watch := w.server.watchMemory()
	begin := time.Now()
	used, err := w.spent(func() error { return w.importFile(ctx, b, "roster.csv", raw, n) }, w.server)
	took := time.Since(begin)
	peak, werr := watch()
	return intake{float64(n) / took.Seconds(), micros(used) / float64(n), peak / 1e6}, errors.Join(err, werr)
}

// importFile uploads a file and commits it as soon as it is checked.
func (w *world) importFile(ctx context.Context, b body, name string, raw []byte, n int) error {
	upload := w.get(b.code, "/v1/imports?name="+url.QueryEscape(name), `"checking"`)
	upload.method, upload.body = "POST", raw
	_, answer, _, err := upload.send(ctx)
	if err != nil {
		return err
	}
	var imp struct {
		ID, State, FaultEn string
		Counts             struct{ Admitted string }
	}
	if err := json.Unmarshal(answer, &imp); err != nil {
		return err
	}
	path := "/v1/imports/" + imp.ID
	for tick := time.NewTicker(25 * time.Millisecond); ; <-tick.C {
		_, answer, _, err := w.get(b.code, path, imp.ID).send(ctx)
		if err != nil {
			return err
		}
		was := imp.State
		if err := json.Unmarshal(answer, &imp); err != nil {
			return err
		}
		if imp.State != was {
			fmt.Fprintf(w.opt.Progress, "bench: %s is %s\n", name, imp.State)
		}
		switch imp.State {
		case "ready":
			commit := w.get(b.code, path+":commit", imp.ID)
			commit.method, commit.body = "POST", []byte("{}")
			if _, _, _, err := commit.send(ctx); err != nil {
				return err
			}
		case "done":
			if imp.Counts.Admitted != strconv.Itoa(n) {
				return fmt.Errorf("%s members of %d came in", imp.Counts.Admitted, n)
			}
			return nil
		case "checking", "committing":
		default:
			return fmt.Errorf("the import is %s: %s", imp.State, imp.FaultEn)
		}
	}
}

// roster hands out the titles and n rows of generated people, no two of whom have one ID number.
func roster(from, n int, row func([]string) error) error {
	if err := row([]string{"序号", "姓名", "性别", "身份证号码", "手机号码", "民族", "学历", "政治面貌", "工作单位", "职务", "就业形式", "入会时间"}); err != nil {
		return err
	}
	r := rand.New(rand.NewPCG(20261122, uint64(from)))
	for i := from; i < from+n; i++ {
		name := []rune{surnames[r.IntN(len(surnames))], given[r.IntN(len(given))], given[r.IntN(len(given))]}
		born := time.Date(1950, 1, 1+i/900%18_000, 0, 0, 0, 0, time.UTC)
		head := fmt.Sprintf("4401%02d%s%03d", 3+i/16_200_000, born.Format("20060102"), 100+i%900)
		err := row([]string{
			strconv.Itoa(i - from + 1), string(name[:2+r.IntN(2)]), "", head + string(cnid.CheckDigit(head)), fmt.Sprintf("138%08d", r.IntN(100_000_000)), "汉族", "大学本科",
			"群众", "广州第一机械厂有限公司", "钳工", "劳动合同", fmt.Sprintf("20%02d.%d.%d", 10+r.IntN(10), 1+r.IntN(12), 1+r.IntN(28)),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// readSheets reads one workbook by the product's reader and by the one below it, in turns.
func (w *world) readSheets() error {
	var packed bytes.Buffer
	out, err := sheet.NewWriter(sheet.XLSX, &packed, "名册")
	if err != nil {
		return err
	}
	n := w.sizes.roster / 4
	if err := errors.Join(roster(0, n, out.Row), out.Close()); err != nil {
		return err
	}
	file, err := os.CreateTemp(w.dir, "roster-*.xlsx")
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := file.Write(packed.Bytes()); err != nil {
		return err
	}
	var product, floor []float64
	timed := func(into *[]float64, read func(path string) (int, error)) func(int) error {
		return func(int) error {
			begin := time.Now()
			got, err := read(file.Name())
			if err == nil && got != n+1 {
				err = fmt.Errorf("%d rows were read of %d", got, n+1)
			}
			*into = append(*into, float64(n)/time.Since(begin).Seconds())
			return err
		}
	}
	if err := w.turns(timed(&product, readByProduct), timed(&floor, readBare)); err != nil {
		return err
	}
	ours := figure(fmt.Sprintf("import: reading %d rows of xlsx", n), median(product), "rows/s").over(median(floor))
	w.report(ours.judge("≥ 0.7 × floor", *ours.Ratio >= 0.7))
	return nil
}

func readByProduct(path string) (n int, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	file, err := sheet.Open(f)
	if err != nil {
		return 0, errors.Join(err, f.Close())
	}
	defer file.Close()
	rows, err := file.Rows("")
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for {
		if _, err := rows.Next(); err == io.EOF {
			return n, nil
		} else if err != nil {
			return n, err
		}
		n++
	}
}

func readBare(path string) (n int, err error) {
	f, err := excelize.OpenFile(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	rows, err := f.Rows(f.GetSheetName(0))
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		if _, err := rows.Columns(excelize.Options{RawCellValue: true}); err != nil {
			return n, err
		}
		n++
	}
	return n, rows.Error()
}

// watchMemory looks at the resident memory of a process until it is asked for the most it has seen, in bytes.
func (p *process) watchMemory() func() (float64, error) {
	stop, result := make(chan struct{}), make(chan error)
	most := 0.0
	go func() {
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			now, err := resident(p.cmd.Process.Pid)
			most = max(most, now)
			if err != nil {
				<-stop
				result <- err
				return
			}
			select {
			case <-stop:
				result <- nil
				return
			case <-tick.C:
			}
		}
	}()
	return func() (float64, error) {
		close(stop)
		err := <-result
		return most, err
	}
}

// resident is the memory of a process, proc(5).
func resident(pid int) (float64, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(raw)) {
		if text, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(text), " kB"), 64)
			return kb * 1024, err
		}
	}
	return 0, fmt.Errorf("process %d has no memory", pid)
}
