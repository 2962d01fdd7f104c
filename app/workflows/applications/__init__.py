"""Applications (就业手续): six kinds, one procedure; who may, who reviews, what becomes of an approval."""
