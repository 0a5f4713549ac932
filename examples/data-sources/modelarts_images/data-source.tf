# The newest first.
data "modelarts_images" "ascend" {
  resource_category = "ASCEND"
  service           = "NOTEBOOK"
}
