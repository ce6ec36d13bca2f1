"""Visits: recorded and judged, corrected, sent again, shown."""
