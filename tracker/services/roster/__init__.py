"""Rosters of a county: files read row by row, judged, compared with what is on file, and applied."""
