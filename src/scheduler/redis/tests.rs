mod differential;
mod hostile;
