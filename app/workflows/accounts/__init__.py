"""Getting in and who one is: captchas, one-time codes, registration, login, sessions, verification, staff."""
