# The notebooks of the credentials' user.
data "modelarts_notebooks" "team" {
  tags = {
    team = "vision"
  }
}
