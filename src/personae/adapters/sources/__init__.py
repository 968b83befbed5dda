"""Where frames come from: photos, films, cameras."""
