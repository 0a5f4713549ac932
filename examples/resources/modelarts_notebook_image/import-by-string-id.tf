import {
  to = modelarts_notebook_image.vision
  id = "4d7b9a60-3e8c-4b15-9f2a-c6e0d1837b42"
}
