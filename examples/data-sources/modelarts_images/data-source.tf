# The images that the account has saved or registered, including those that failed.
data "modelarts_images" "own" {
  type = "DEDICATED"
}

output "broken_images" {
  value = { for i in data.modelarts_images.own.images : "${i.name}:${i.tag}" => i.status_message if i.status == "ERROR" }
}

# Preset images for Ascend flavors, the newest first.
data "modelarts_images" "ascend" {
  resource_category = "ASCEND"
  service           = "NOTEBOOK"
}
