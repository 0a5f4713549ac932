# The newest image of that name.
data "modelarts_image" "own" {
  type = "DEDICATED"
  name = "vision"
}
