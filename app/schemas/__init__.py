"""What goes over the wire: requests and answers, one file per aggregate."""
