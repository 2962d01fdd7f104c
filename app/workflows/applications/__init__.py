"""Applications (就业手续): five kinds, one procedure; who may, who reviews, what becomes of an approval."""
