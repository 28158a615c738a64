set(YZ_DICOM_DATA_SOURCES
    codec/codec_table.cpp
    codec/deflated_decoder.cpp
    codec/finish_frame.cpp
    codec/frame_layout.cpp
    codec/htj2k_decoder.cpp
    codec/jpeg2000_decoder.cpp
    codec/jpeg_decoder.cpp
    codec/jpegls_decoder.cpp
    codec/native_decoder.cpp
    codec/rle_decoder.cpp
    codec/transfer_syntax.cpp
    data/attributes_dcmtk.cpp
    data/byte_source.cpp
    data/colour_profile_lcms.cpp
    data/dicom_pixel_source.cpp
    data/file_meta_dcmtk.cpp
    data/frame_bytes.cpp
    data/frame_dimensions_dcmtk.cpp
    data/frame_groups_dcmtk.cpp
    data/header_dcmtk.cpp
    data/image_description_dcmtk.cpp
    data/limits.cpp
    data/luts_dcmtk.cpp
    data/opened_image_dcmtk.cpp
    data/overlays_dcmtk.cpp
    data/part10_dcmtk.cpp
    data/pet_dcmtk.cpp
    data/prepare.cpp
    data/regions_dcmtk.cpp
    data/shutter_dcmtk.cpp
    data/text.cpp
    data/text_dcmtk.cpp
    presentation/annotations_dcmtk.cpp
    presentation/presentation_state_dcmtk.cpp
    report/dicom_report_encoder.cpp
    report/report_codes.cpp
    report/report_modules_dcmtk.cpp
    report/report_signature_block.cpp
    report/structured_report_dcmtk.cpp)

# Loops over every sample: vector code counts.
set_source_files_properties(codec/finish_frame.cpp codec/native_decoder.cpp codec/rle_decoder.cpp
                            PROPERTIES COMPILE_OPTIONS $<$<CONFIG:Release>:-O3>)
