import {
  to = modelarts_notebook_image.vision
  identity = {
    region     = "cn-north-4"
    project_id = "06fd472945165ac04e7d6a710ff6ac16"
    id         = "4d7b9a60-3e8c-4b15-9f2a-c6e0d1837b42"
  }
}
