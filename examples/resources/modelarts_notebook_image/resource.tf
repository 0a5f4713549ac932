# Saves a running notebook as the image team/vision:1.0.0.
resource "modelarts_notebook_image" "vision" {
  notebook_id = "f9937afa-4451-42db-a76b-72d624749f66"
  namespace   = "team"
  name        = "vision"
  tag         = "1.0.0"
}
