data "modelarts_images" "own" {
  type = "DEDICATED"
}

output "broken_images" {
  value = { for i in data.modelarts_images.own.images : "${i.name}:${i.tag}" => i.status_message if i.status == "ERROR" }
}
