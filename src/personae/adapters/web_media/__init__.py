"""Films from the web, through yt-dlp."""
