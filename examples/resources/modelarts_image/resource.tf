resource "modelarts_image" "vision" {
  swr_path            = "swr.cn-north-4.myhuaweicloud.com/team/vision:1.0.0"
  arch                = "X86_64"
  resource_categories = ["CPU", "GPU"]
  services            = ["NOTEBOOK", "SSH"]
}
