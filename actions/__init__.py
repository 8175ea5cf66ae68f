"""What people do, decided purely: kinds, ladder, choice of story and ask, rhythm; time and chance are arguments."""
