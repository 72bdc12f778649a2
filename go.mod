module gonghui

go 1.26
