package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

const enough = 90 // percent

// The figures are of these sources and these tests, every mutant that lives has its reason, and nothing else stands in the report.
func TestTheReportIsOfThisShell(t *testing.T) {
	raw, err := os.ReadFile("../" + sumFile)
	if err != nil {
		t.Fatal(err)
	}
	r, err := readSum(raw)
	if err != nil {
		t.Fatal(err)
	}
	now, err := sums("..")
	if err != nil {
		t.Fatal(err)
	}
	if r.of != now {
		t.Errorf("sources, tests or mutator have changed since the mutants were run; run build.sh mutate\nrun: %+v\nnow: %+v", r.of, now)
	}
	if p := percent(r.total()); p < enough {
		t.Errorf("%.1f percent of %d mutants are killed", p, r.total().all)
	}
	if r.total().killed+len(r.living) != r.total().all || r.total().all < 1000 {
		t.Errorf("%d killed and %d living of %d", r.total().killed, len(r.living), r.total().all)
	}
	report, err := os.ReadFile("../" + reportFile)
	if err != nil {
		t.Fatal(err)
	}
	why := reasons(report)
	for _, m := range r.living {
		if len(why[m.id]) < 10 {
			t.Errorf("%s lives without a reason", m.id)
		}
	}
	if !bytes.Equal(report, r.report(why)) {
		t.Error("the report is not what the last run wrote")
	}
}

func TestResults(t *testing.T) {
	raw := strings.Join([]string{
		"A.f branch 1\tapp/A\t3\tbranch\ta condition turned round\tkilled\tT.x\ts",
		"A$1.f call 1\tapp/A\t4\tcall\tB.g not called\tsurvived\t\ts",
		"A.f constant 1\tapp/A\t5\tconstant\t\"a|b\" is \"\"\tkilled\tT.x\told",
		"A.f constant 1\tapp/A\t5\tconstant\t\"a|b\" is \"\"\tunreached\t\ts",
		"B.f constant 1\tapp/B\t5\tconstant\t1 is 0\tslow\tT.y\ts",
	}, "\n") + "\n"
	r, err := readResults([]byte(raw))
	if err != nil || r.total() != (count{4, 2}) || r.slow != 1 || len(r.living) != 2 {
		t.Fatalf("%+v, %v", r, err)
	}
	r.of = of{"a", "b", "c"}
	again, err := readSum(r.sum())
	if err != nil || !bytes.Equal(again.sum(), r.sum()) {
		t.Errorf("%+v, %v", again, err)
	}
	why := map[string]string{"A$1.f call 1": "nobody can tell", "gone": "x"}
	report := r.report(why)
	if got := reasons(report); got["A$1.f call 1"] != "nobody can tell" || got["A.f constant 1"] != "" || len(got) != 2 {
		t.Errorf("%v in\n%s", got, report)
	}
	if !bytes.Equal(report, again.report(reasons(report))) || !bytes.Contains(report, []byte("**2 of 4 mutants are killed (50.0 %)**")) {
		t.Errorf("%s", report)
	}
	for _, bad := range []string{"A\tB\n", strings.Replace(raw, "slow", "tired", 1), strings.Replace(raw, "branch\ta", "twig\ta", 1)} {
		if _, err := readResults([]byte(bad)); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
	for _, bad := range []string{"A branch 1 x\n", "living\tA\n", "something else\n"} {
		if _, err := readSum([]byte(bad)); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}
